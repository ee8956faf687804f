/** Tensors, operations, reverse-mode autograd and the interface that backends implement. */
module dev.crema.core {
  requires static transitive org.jspecify;

  exports dev.crema.autograd;
  exports dev.crema.backend;
  exports dev.crema.cases;
  exports dev.crema.op;
  exports dev.crema.tensor;

  uses dev.crema.backend.BackendProvider;
}
