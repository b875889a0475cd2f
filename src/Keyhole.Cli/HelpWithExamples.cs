using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text.RegularExpressions;

namespace Keyhole.Cli;

/// <summary>The library's help page, with the command's examples after it.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private const int PageColumns = 110;
    private readonly HelpAction _page;

    /// <param name="page">Writes the page without examples.</param>
    public HelpWithExamples(HelpAction page)
    {
        _page = page;
        _page.MaxWidth = PageColumns;
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        TextWriter output = parseResult.InvocationConfiguration.Output;
        using var page = new StringWriter { NewLine = output.NewLine };
        parseResult.InvocationConfiguration.Output = page;
        _page.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        output.Write(WithoutArgumentsOfParents(page.ToString(), parseResult.CommandResult.Command));
        if (parseResult.CommandResult.Command is KeyholeCommand { Examples.Count: > 0 } command)
        {
            output.WriteLine("Examples:");
            foreach (string example in command.Examples)
            {
                output.WriteLine($"  {example}");
            }
            output.WriteLine();
        }
        else
        {
            output.WriteLine("'keyhole COMMAND --help' shows a command's options and examples.");
            output.WriteLine("Every long option has an environment variable: --threads is KEYHOLE_THREADS.");
            output.WriteLine();
        }
        return ExitCode.Done;
    }

    // The library writes 'keyhole slurm <MODEL> status <DIR>' and describes both, as if a subcommand took what its parent takes.
    private static string WithoutArgumentsOfParents(string page, Command command)
    {
        foreach (Argument argument in command.Parents.OfType<KeyholeCommand>().SelectMany(parent => parent.Arguments))
        {
            page = Regex.Replace(page, $@"^  <{argument.Name}>.*\n(    .*\n)*", "", RegexOptions.Multiline);
            page = Regex.Replace(page, $@" <{argument.Name}>(\.\.\.)?", "");
        }
        return page;
    }
}
