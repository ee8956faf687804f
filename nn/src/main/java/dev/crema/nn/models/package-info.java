/** Networks of the courses and papers, and a {@link dev.crema.nn.models.Models} list of them. */
@NullMarked
package dev.crema.nn.models;

import org.jspecify.annotations.NullMarked;
