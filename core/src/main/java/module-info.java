/** Tensors, operations, reverse-mode autograd and the interface that backends implement. */
module dev.crema.core {
  requires static org.jspecify;
}
