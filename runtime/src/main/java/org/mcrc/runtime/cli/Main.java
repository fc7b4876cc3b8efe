package org.mcrc.runtime.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.mcrc.compiler.kernel.TooLarge;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.report.Versions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code mcrc}. */
@Command(
        name = "mcrc",
        description = "Compiles microstructure descriptors and reconstructs microstructures from them.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands (mcrc COMMAND --help shows what each takes):%n",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:done", "1:the answer is no: a check failed", "2:the input is at fault",
            "3:mcrc is at fault", "130:interrupted by Ctrl-C (143 by SIGTERM)"},
        footer = {"", "Example:", "  mcrc reconstruct s2s3.mcr --like board.png --seed 1 -o out"},
        versionProvider = Main.Version.class)
public final class Main implements Runnable {
    /** Done. */
    static final int DONE = 0;

    /** The answer is no: a check failed. */
    static final int NO = 1;

    /** The user's input is at fault. */
    static final int INPUT_FAULT = 2;

    /** The program is at fault. */
    static final int OUR_FAULT = 3;

    /** The commands, in the order in which they are listed. */
    private static final Map<String, Class<?>> COMMANDS = commands();

    @Mixin
    private HelpOption help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Show the version and stop.")
    private boolean version;

    @Option(names = "--stacktrace", scope = CommandLine.ScopeType.INHERIT,
            description = "If mcrc itself fails, show where.")
    private boolean stacktrace;

    @Spec
    private CommandSpec spec;

    /** By name, so that the annotations of those that are not asked for need not be read. */
    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("check", CheckCommand.class);
        commands.put("compile", CompileCommand.class);
        commands.put("explain", ExplainCommand.class);
        commands.put("gradcheck", GradcheckCommand.class);
        commands.put("characterize", CharacterizeCommand.class);
        commands.put("evaluate", EvaluateCommand.class);
        commands.put("reconstruct", ReconstructCommand.class);
        commands.put("compare", CompareCommand.class);
        commands.put("sample", SampleCommand.class);
        commands.put("bench", BenchCommand.class);
        commands.put("setup", SetupCommand.class);
        commands.put("help", CommandLine.HelpCommand.class);
        return commands;
    }

    public static void main(String[] arguments) {
        PrintWriter err = new PrintWriter(System.err, true);
        StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out), System.out.charset());
        int status = run(output.writer(), err, arguments);
        System.exit(written(status, output, err));
    }

    /** The exit status, where results may not have reached whoever was to get them. */
    static int written(int status, StandardOutput output, PrintWriter err) {
        Optional<String> loss = output.loss();
        loss.ifPresent(reason -> err.println("error: standard output cannot be written: " + reason));
        return loss.isPresent() ? Math.max(status, INPUT_FAULT) : status;
    }

    /** Runs a command line. Answers the exit status; never throws. */
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        Main main = new Main();
        try {
            CommandLine commandLine = commandLine(main, arguments)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .setUsageHelpAutoWidth(true)
                    .setOut(out)
                    .setErr(err)
                    .setParameterExceptionHandler((exception, _) -> usageFault(exception, err))
                    .setExecutionExceptionHandler((exception, _, _) -> main.failed(exception, err));
            return commandLine.execute(arguments);
        } catch (Throwable failure) {
            return main.failed(failure, err);
        }
    }

    /** Not by Java's rules, for which {@code 1d} and {@code 3f} are numbers too. */
    private static Double number(String text) {
        if (text.strip().matches(".*[dDfF]")) {
            throw new CommandLine.TypeConversionException("'" + text + "' is no number");
        }
        return Double.valueOf(text);
    }

    /**
     * The command line with the command that is asked for, or with all of them: reading every command's options takes
     * most of the time that {@code mcrc --version} would.
     */
    private static CommandLine commandLine(Main main, String[] arguments) {
        CommandLine commandLine = new CommandLine(main);
        commandLine.registerConverter(Double.class, Main::number);
        String first = arguments.length == 0 ? "" : arguments[0];
        Class<?> command = COMMANDS.get(first);
        if (command != null && command != CommandLine.HelpCommand.class) {
            return commandLine.addSubcommand(first, command);
        }
        if (!first.equals("--version") && !first.equals("-V")) {
            COMMANDS.forEach(commandLine::addSubcommand);
        }
        return commandLine;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: one of "
                + String.join(", ", spec.subcommands().keySet()));
    }

    private static int usageFault(ParameterException exception, PrintWriter err) {
        String command = exception.getCommandLine().getCommandSpec().qualifiedName();
        err.println("error: " + UsageFault.message(exception));
        err.println("  " + UsageFault.hint(exception).orElse(command + " --help shows what it takes"));
        err.flush();
        return INPUT_FAULT;
    }

    private int failed(Throwable failure, PrintWriter err) {
        try {
            return switch (failure) {
                case InputError error -> {
                    err.println("error: " + error.text());
                    yield INPUT_FAULT;
                }
                case TooLarge tooLarge -> {
                    err.println("error: " + tooLarge.getMessage());
                    yield INPUT_FAULT;
                }
                case DescriptorFault fault -> {
                    err.print(fault.text());
                    yield INPUT_FAULT;
                }
                case ParameterException exception -> usageFault(exception, err);
                default -> {
                    CrashReport.print(failure, stacktrace, err);
                    yield OUR_FAULT;
                }
            };
        } finally {
            err.flush();
        }
    }

    /** The lines of {@code --version}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            Versions versions = Versions.current();
            return new String[] {"mcrc " + versions.mcrc(), versions.java(), versions.system()};
        }
    }
}
