package dev.crema.natives;

@OnCpuDriver
final class TransferTest extends Transfers {}
