using System.CommandLine;
using Keyhole.Cli.Commands;
using Xunit;

namespace Keyhole.Cli.Tests;

public class CommandLineTests
{
    public static TheoryData<string> CommandNames { get; } = new(KeyholeRoot.Create(new GlobalOptions()).Subcommands.Select(command => command.Name));

    [Fact]
    public void Without_a_command_the_names_are_listed_and_the_exit_code_is_2()
    {
        CommandResult result = KeyholeProcess.Run();
        Assert.Equal(2, result.ExitStatus);
        Assert.Empty(result.Output);
        Assert.StartsWith("keyhole: error KH6001: Name a command: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistyped_command_brings_a_suggestion()
    {
        CommandResult result = KeyholeProcess.Run("insepct", "model");
        Assert.Equal(2, result.ExitStatus);
        Assert.Empty(result.Output);
        Assert.Equal("keyhole: error KH6001: 'insepct' is not a command of 'keyhole'. Did you mean 'inspect'?\nTry 'keyhole --help'.\n", result.Error);
    }

    [Fact]
    public void A_word_like_no_command_brings_none()
    {
        CommandResult result = KeyholeProcess.Run("xyzzy");
        Assert.Equal(2, result.ExitStatus);
        Assert.DoesNotContain("Did you mean", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistyped_option_brings_a_suggestion()
    {
        CommandResult result = KeyholeProcess.Run("inspect", "model", "--tensros");
        Assert.Equal(2, result.ExitStatus);
        Assert.Contains("'--tensros' is not an option of 'keyhole inspect'. Did you mean '--tensors'?", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("Try 'keyhole inspect --help'.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_argument_is_named()
    {
        CommandResult result = KeyholeProcess.Run("inspect");
        Assert.Equal(2, result.ExitStatus);
        Assert.StartsWith("keyhole: error KH6001: MODEL is missing: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_without_a_folder_is_refused_before_any_work()
    {
        CommandResult result = KeyholeProcess.Run("mine", "models/mini", "corpora", "-o", "no/folder/x.study");
        Assert.Equal(2, result.ExitStatus);
        Assert.Contains("there is no folder", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--top", "0", "--top is 0; it must be at least 1.")]
    [InlineData("--top", "x", "--top needs a number, not 'x'.")]
    [InlineData("--unit", "verse", "--unit is 'verse'; it takes sentence, line, document.")]
    [InlineData("--memory", "lots", "'lots' is no size; write it as 400MiB or 3GiB.")]
    [InlineData("--layers", "3-1", "'3-1' is no layer or range of layers")]
    public void A_value_that_cannot_be_is_named_with_what_can(string option, string value, string sentence)
    {
        CommandResult result = KeyholeProcess.Run("mine", "models/mini", "corpora", "-o", "x.study", option, value);
        Assert.Equal(2, result.ExitStatus);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void Help_of_every_command_has_an_example_of_that_command(string name)
    {
        CommandResult result = KeyholeProcess.Run(name, "--help");
        Assert.Equal(0, result.ExitStatus);
        Assert.Empty(result.Error);
        Assert.Contains($"\nExamples:\n  keyhole {name}", result.Output, StringComparison.Ordinal);
        Assert.Contains($"keyhole {name}", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_lists_every_command()
    {
        CommandResult result = KeyholeProcess.Run("--help");
        Assert.Equal(0, result.ExitStatus);
        Assert.All(CommandNames, row => Assert.Contains($"\n  {row.Data} ", result.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void The_version_is_one_line_with_the_assemblys_number()
    {
        CommandResult result = KeyholeProcess.Run("--version");
        Assert.Equal(0, result.ExitStatus);
        Assert.Equal($"keyhole {typeof(CommandConsole).Assembly.GetName().Version!.ToString(3)}\n", result.Output);
    }

    [Fact]
    public void Every_option_has_a_description_and_no_two_share_a_name()
    {
        RootCommand root = KeyholeRoot.Create(new GlobalOptions());
        foreach (Command command in root.Subcommands)
        {
            Assert.All(command.Options, option => Assert.False(string.IsNullOrWhiteSpace(option.Description), $"{command.Name} {option.Name}"));
            Assert.All(command.Arguments, argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), $"{command.Name} {argument.Name}"));
            string[] names = [.. command.Options.Concat(root.Options.Where(option => option.Recursive)).SelectMany(option => option.Aliases.Append(option.Name))];
            Assert.Equal(names.Distinct().Count(), names.Length);
        }
    }
}
