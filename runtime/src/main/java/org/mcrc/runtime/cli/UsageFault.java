package org.mcrc.runtime.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mcrc.compiler.diagnostic.Suggestions;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in the user's words and not in those of Java. */
final class UsageFault {
    private static final Set<Class<?>> INTEGERS = Set.of(int.class, Integer.class, long.class, Long.class);
    private static final Set<Class<?>> NUMBERS = Set.of(double.class, Double.class);

    private UsageFault() {}

    static String message(ParameterException exception) {
        if (exception instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
            String argument = unmatched.getUnmatched().getFirst();
            CommandSpec command = exception.getCommandLine().getCommandSpec();
            if (unmatched.isUnknownOption()) {
                return "there is no option " + name(argument) + proposal(name(argument), command);
            }
            return !exception.getCommandLine().getSubcommands().isEmpty()
                    ? "there is no command '" + qualified(command, argument) + "'"
                    : "'" + argument + "' is one argument too many"
                            + (command.findOption("--like") != null ? "; a microstructure is given with --like" : "");
        }
        if (exception instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
            return missing(missing);
        }
        return ofValue(exception).orElseGet(exception::getMessage);
    }

    /** What was probably meant; empty where nothing resembles it. */
    static Optional<String> hint(ParameterException exception) {
        if (!(exception instanceof UnmatchedArgumentException unmatched) || unmatched.getUnmatched().isEmpty()) {
            return Optional.empty();
        }
        CommandSpec command = exception.getCommandLine().getCommandSpec();
        String argument = unmatched.getUnmatched().getFirst();
        return unmatched.isUnknownOption()
                ? Suggestions.didYouMean(name(argument), longOptions(command))
                : Suggestions.nearest(argument, command.subcommands().keySet())
                        .map(name -> "did you mean '" + qualified(command, name) + "'?");
    }

    /** A command of a command as it is typed behind {@code mcrc}. */
    private static String qualified(CommandSpec command, String name) {
        return command.parent() == null ? name : command.name() + " " + name;
    }

    /** An option without the value that stands behind it. */
    private static String name(String option) {
        return option.replaceFirst("=.*", "");
    }

    private static List<String> longOptions(CommandSpec command) {
        return command.optionsMap().keySet().stream().filter(option -> option.startsWith("--")).toList();
    }

    private static String missing(MissingParameterException exception) {
        ArgSpec first = exception.getMissing().getFirst();
        if (first instanceof OptionSpec option && exception.getMessage().contains("parameter for option")) {
            return option.longestName() + " takes " + option.paramLabel() + ", which is missing";
        }
        return exception.getMissing().stream().map(each -> each instanceof OptionSpec option
                ? option.longestName() + " " + option.paramLabel() : each.paramLabel()).collect(Collectors.joining(", "))
                + (exception.getMissing().size() == 1 ? " is missing" : " are missing");
    }

    /** What may have been meant with an option that resembles none. */
    private static String proposal(String name, CommandSpec command) {
        boolean resemblesNone = Suggestions.nearest(name, longOptions(command)).isEmpty();
        return resemblesNone && command.findOption("--set") != null && name.startsWith("--")
                ? "; a param of the descriptor is set with --set " + name.substring(2) + "=VALUE" : "";
    }

    /** What is wrong with the value of an option that the library converts by itself. */
    private static Optional<String> ofValue(ParameterException exception) {
        ArgSpec option = exception.getArgSpec();
        if (!(option instanceof OptionSpec spec) || exception.getValue() == null || option.converters().length > 0) {
            return Optional.empty();
        }
        String name = spec.longestName();
        String value = exception.getValue();
        List<Class<?>> types = option.typeInfo().getAuxiliaryTypes().length == 0 ? List.of(option.type())
                : Arrays.asList(option.typeInfo().getAuxiliaryTypes());
        Class<?> type = types.getLast();
        if (Map.class.isAssignableFrom(option.type()) && exception.getMessage().contains("KEY=VALUE")) {
            return Optional.of(name + " takes " + option.paramLabel() + ": there is no '=' in '" + value + "'");
        }
        if (type.isEnum()) {
            String choices = Arrays.stream(type.getEnumConstants())
                    .map(choice -> choice.toString().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
            return Optional.of(name + " does not take '" + value + "'; it takes one of " + choices);
        }
        if (INTEGERS.contains(type)) {
            return Optional.of(name + " takes an integer, and '" + value + "' is "
                    + (value.matches("[-+]?\\d+") ? "too large" : "none"));
        }
        return NUMBERS.contains(type) ? Optional.of(name + " takes a number, and '" + value + "' is none") : Optional.empty();
    }
}
