using System.CommandLine;
using Keyhole.Cli.Mining;
using Keyhole.Cli.Searching;
using Keyhole.Search;
using Keyhole.Studies;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole search</c>: tokens among values, words and patterns among triggers, words among labels.</summary>
internal sealed class SearchCommand : KeyholeCommand
{
    private readonly Argument<string> _study = CommonOptions.Study();
    private readonly Argument<string?> _query = new("QUERY") { Description = "A token for values; a word, or several that follow each other, for triggers and labels.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<SearchPlaces?> _in = new("--in") { Description = "Where to look: values (tokens they promote or demote), triggers, both of these, labels (that people gave) or all. Default: all.", HelpName = "WHERE" };
    private readonly Option<string?> _regex = new("--regex") { Description = "The prefix of a trigger must match this regular expression; $ is where the memory fires.", HelpName = "PATTERN" };
    private readonly Option<string?> _target = new("--target") { Description = "The token after the prefix must be this.", HelpName = "WORD" };
    private readonly Option<bool> _ignoreCase = new("--ignore-case", "-i") { Description = "Tokens, patterns and targets match in capitals and small letters; words always do." };
    private readonly Option<string?> _layers = new("--layers") { Description = "Layers to look in, from 0: 0,4,8-11. Default: all.", HelpName = "LIST" };
    private readonly Option<int> _limit = new("--limit") { Description = "Show so many of each list.", HelpName = "N", DefaultValueFactory = _ => 20 };

    /// <summary>Creates the command.</summary>
    public SearchCommand()
        : base("search", "Finds memories: those whose values promote or demote a token, those whose triggers hold words, and those with such a label.",
            "keyhole search mini.study Paris",
            "keyhole search mini.study 'in fact' --in triggers --layers 6-9",
            "keyhole search mini.study --regex ' (19|20)[0-9]*$' --target ,   # what fires in a year before a comma")
    {
        Add(_study);
        Add(_query);
        foreach (Option option in (Option[])[_in, _regex, _target, _ignoreCase, _layers, _limit.AtLeast(1)])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        var search = new SearchOptions
        {
            Query = options.GetValue(_query),
            In = options.GetValue(_in) ?? SearchPlaces.All,
            Regex = options.GetValue(_regex),
            Target = options.GetValue(_target),
            IgnoreCase = options.GetValue(_ignoreCase),
            Layers = options.GetValue(_layers) is { } layers ? LayerList.Parse(layers) : null,
            Limit = options.GetValue(_limit),
        };
        if (search is { Query: null, Regex: null, Target: null })
        {
            throw new UsageException("search needs a QUERY, --regex PATTERN or --target WORD.");
        }
        using Study study = Study.Open(options.GetRequiredValue(_study));
        SearchResult result = console.WithProgress(progress => StudySearch.Run(study, search, new SearchProgress(progress), stop));
        if (console.Json)
        {
            SearchReport.WriteJson(console, search, result);
        }
        else
        {
            SearchReport.WriteText(console, search, result);
        }
        return ExitCode.Done;
    }

    private sealed class SearchProgress(IProgress<ProgressState> target) : IProgress<double>
    {
        public void Report(double value) => target.Report(new ProgressState("searching", value, string.Empty));
    }
}
