// What tests ask of the driver, by java.lang.foreign. No CUDA library has these names.
#pragma once

extern "C" {
// The nth call of the function from now on gives rc and does nothing else.
void crema_test_fail(const char* function, long nth, int rc);
// The nth run from now on of a kernel ("": of any) ends with rc, as a crash does: when it runs, not when it is launched,
// and for every later call of its context.
void crema_test_fail_kernel(const char* kernel, long nth, int rc);
// Lines of a name and a number: the calls of each function, the runs of each kernel, what lives of each kind.
// They give the length of the whole text.
long crema_test_calls(char* out, long size);
long crema_test_launches(char* out, long size);
long crema_test_living(char* out, long size);
// A line for each thing that no correct program does.
long crema_test_violations(char* out, long size);
// The bytes of memory that a device has.
void crema_test_memory(int device, long bytes);
// Whether work runs when it is queued (1), or only when something waits for it (0, from the start).
void crema_test_eager(int eager);
// Forgets counts, failures, violations, memory limits and the errors of contexts.
void crema_test_reset();
}

void crema_reset_devices();
