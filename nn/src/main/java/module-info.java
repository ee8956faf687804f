/** Neural networks on Crema tensors. */
module dev.crema.nn {
  requires transitive dev.crema.core;
  requires static transitive org.jspecify;
}
