using Keyhole.Debugging;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.Interventions;
using Keyhole.Studies;

namespace Keyhole.Tests.Debugging;

/// <summary>A model opened for the debugger and the generator.</summary>
internal sealed class OpenDebugger : IDisposable
{
    private readonly Study? _study;

    public OpenDebugger(string folder, Study? study, int threads = 2)
    {
        _study = study;
        Model = Model.Open(folder);
        Pass = new ForwardPass(Model, new ForwardOptions { Threads = threads });
        Reader = new VocabularyReader(Model, threads);
    }

    public Model Model { get; }

    public ForwardPass Pass { get; }

    public VocabularyReader Reader { get; }

    public DebuggedPrompt Ask(int[] ids, int? position = null, int? token = null, int top = 10, int memories = 10, params string[] interventions)
        => new PromptDebugger(Model, Pass, Reader, new ValueNorms(Model), _study).Run(new PromptQuestion
        {
            Ids = ids,
            Position = position ?? ids.Length - 1,
            Token = token,
            Top = top,
            Memories = memories,
            Interventions = Resolve(interventions),
        });

    public GeneratedStep[] Generate(GenerationRequest request, params string[] interventions)
        => [.. new PromptGenerator(Model, Pass, Reader).Run(request with { Interventions = Resolve(interventions) })];

    public ResolvedIntervention[] Resolve(params string[] interventions)
        => [.. interventions.Select(text => ResolvedIntervention.Of(Intervention.Parse(text), Model.Spec, id => _study?.Memory(id)?.Statistics))];

    public void Dispose()
    {
        Reader.Dispose();
        Pass.Dispose();
        Model.Dispose();
    }
}
