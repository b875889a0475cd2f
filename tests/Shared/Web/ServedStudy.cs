using Keyhole.Analyses;
using Keyhole.Composition;
using Keyhole.Corpora;
using Keyhole.Mining;
using Keyhole.Mutations;
using Keyhole.Studies;
using Keyhole.Web.Serving;

namespace Keyhole.TestSupport.Web;

/// <summary>A study of the bundled model over 400 sentences of its bundled text, with every section of an analysis, made once a test run; and servers of it.</summary>
public sealed class ServedStudy : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<WebServer> _servers = [];
    private readonly List<Exception> _faults = [];
    private readonly Lazy<(string Study, string Model)> _gated;
    private readonly Lazy<string> _results;

    public ServedStudy()
    {
        _gated = new(() => GatedStudy.Make(this));
        _results = new(() => ResultStudy.Make(this));
        Study = _folder.File("mini.study");
        using (var miner = new Miner(new MiningOptions
        {
            Model = Model,
            Corpus = [Path.Combine(SharedData.Repository, "corpora", "mini.train-sample.txt")],
            Output = Study,
            Unit = UnitKind.Line,
            Limit = 400,
            Threads = 2,
        }))
        {
            miner.Run();
        }

        Analyzer.Run(new AnalysisOptions
        {
            Study = Study,
            Prefixes = new PrefixOptions { Count = 200 },
            Mutations = new MutationOptions { Memories = 2, Triggers = 2 },
            Threads = 2,
        });
    }

    /// <summary>The bundled model.</summary>
    public static string Model { get; } = Path.Combine(SharedData.Repository, "models", "mini");

    /// <summary>The study's file.</summary>
    public string Study { get; }

    /// <summary>A study of a gated model over hostile texts, and its model; made when it is first asked for.</summary>
    internal (string Study, string Model) Gated => _gated.Value;

    /// <summary>A study with nulls, patterns, tested claims and features; made when it is first asked for.</summary>
    internal string Results => _results.Value;

    /// <summary>Faults of the program that servers told of; a test may ask that there be none.</summary>
    public IReadOnlyList<Exception> Faults
    {
        get
        {
            lock (_faults)
            {
                return [.. _faults];
            }
        }
    }

    /// <summary>A copy of the study for a test that changes it.</summary>
    public string Copy(string name)
    {
        File.Copy(Study, _folder.File(name));
        return _folder.File(name);
    }

    /// <summary>A path in the folder of this test run.</summary>
    public string PathOf(string name) => _folder.File(name);

    /// <summary>Serves a study, on a free port of this machine only, until the tests are done.</summary>
    /// <param name="study">The study; null for the common one.</param>
    /// <param name="change">Changes the options.</param>
    public async Task<WebServer> Serve(string? study = null, Func<WebOptions, WebOptions>? change = null)
    {
        var options = new WebOptions { Study = study ?? Study, Model = Model, Port = 0, Threads = 2 };
        WebServer server = await WebServer.Start(change?.Invoke(options) ?? options, Note);
        lock (_servers)
        {
            _servers.Add(server);
        }

        return server;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (WebServer server in _servers)
        {
            await server.DisposeAsync();
        }

        _folder.Dispose();
    }

    private void Note(Exception fault)
    {
        lock (_faults)
        {
            _faults.Add(fault);
        }
    }
}
