package dev.crema.examples.cli;

import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Help with a command's own options first, then its groups, and what all commands have last. */
public final class HelpLayout {
  private HelpLayout() {}

  /** Sets the layout of a command and of all below, and gives each the version to print. */
  public static void apply(CommandLine commands) {
    commands.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpLayout::options);
    commands.getCommandSpec().versionProvider(new Version());
    UsageMessageSpec usage = commands.getCommandSpec().usageMessage();
    usage.descriptionHeading("%n").parameterListHeading("%n").optionListHeading("");
    commands.getSubcommands().values().forEach(HelpLayout::apply);
  }

  private static String options(Help help) {
    String groups = help.optionListGroupSections();
    return list(help, option -> !isCommon(option))
        + groups
        + System.lineSeparator()
        + list(help, HelpLayout::isCommon);
  }

  private static boolean isCommon(OptionSpec option) {
    return option.usageHelp() || option.versionHelp();
  }

  private static String list(Help help, Predicate<OptionSpec> which) {
    return help.optionListExcludingGroups(
        help.commandSpec().options().stream()
            .filter(option -> option.group() == null && !option.hidden())
            .filter(which)
            .toList());
  }
}
