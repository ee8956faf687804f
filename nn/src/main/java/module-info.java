/** Neural networks on Crema tensors. */
module dev.crema.nn {
  requires transitive dev.crema.core;
  requires static transitive org.jspecify;
  // The JDK's own image decoders, for image folders.
  requires java.desktop;

  exports dev.crema.nn;
  exports dev.crema.nn.data;
  exports dev.crema.nn.init;
  exports dev.crema.nn.io;
  exports dev.crema.nn.models;
  exports dev.crema.nn.optim;
  exports dev.crema.nn.train;
}
