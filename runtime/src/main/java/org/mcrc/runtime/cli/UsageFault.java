package org.mcrc.runtime.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mcrc.compiler.diagnostic.Suggestions;
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
                return "there is no option " + argument + proposal(argument, command);
            }
            return !exception.getCommandLine().getSubcommands().isEmpty() ? "there is no command '" + argument + "'"
                    : "'" + argument + "' is one argument too many"
                            + (command.findOption("--like") != null ? "; a microstructure is given with --like" : "");
        }
        return ofValue(exception).orElseGet(exception::getMessage);
    }

    /** What may have been meant with an option that resembles none. */
    private static String proposal(String argument, CommandSpec command) {
        String name = argument.replaceFirst("=.*", "");
        List<String> options = command.optionsMap().keySet().stream().filter(option -> option.startsWith("--")).toList();
        return Suggestions.nearest(name, options).isEmpty() && command.findOption("--set") != null && name.startsWith("--")
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
