package dev.crema.bench.lab;

/**
 * What results were measured on and with; every file of results holds it.
 *
 * @param crema version of Crema
 * @param commit the commit of its checkout
 * @param java version and vendor of the JVM
 * @param jvmOptions the options that it was started with
 * @param system operating system and instruction set
 * @param cpu the processor, as the system calls it
 * @param processors how many of them
 * @param backend what computed, and how wide
 * @param threads how many computed
 * @param command what was asked for
 * @param date when, in UTC
 */
public record Environment(
    String crema,
    String commit,
    String java,
    String jvmOptions,
    String system,
    String cpu,
    int processors,
    String backend,
    int threads,
    String command,
    String date) {}
