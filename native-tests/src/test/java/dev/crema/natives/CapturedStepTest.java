package dev.crema.natives;

/** Captured steps on the CPU-executing driver. */
@OnCpuDriver
final class CapturedStepTest extends CapturedSteps {}
