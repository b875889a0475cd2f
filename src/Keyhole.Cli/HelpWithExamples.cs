using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

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
        _page.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
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
}
