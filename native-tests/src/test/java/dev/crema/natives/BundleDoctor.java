package dev.crema.natives;

import dev.crema.cuda.driver.Natives;
import dev.crema.examples.Crema;
import dev.crema.examples.cli.Terminal;

/** The bundle's doctor: which commit it is, what is here, and whether that is enough for CUDA. */
public final class BundleDoctor {
  private BundleDoctor() {}

  /** Given the bundle's commit. Exit code 3 where CUDA cannot be used. */
  public static void main(String[] args) {
    System.out.println("bundle          of commit " + args[0]);
    System.setProperty("crema.commit", args[0]);
    int code = Crema.run(Terminal.system(), "doctor");
    String fault = Natives.get().fault();
    if (fault != null) {
      System.out.println("skipped: " + fault);
    }
    System.exit(code == 0 && fault != null ? Claim.SKIPPED : code);
  }
}
