using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.Similarity;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;
using Keyhole.Web.Serving;

namespace Keyhole.Web.Memories;

/// <summary>Finds the nearest memories of a memory, and what their values promote.</summary>
internal static class NearestAnswers
{
    private const int Tokens = 4;

    /// <summary>The answer for a memory.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static async Task<NearestAnswer> Of(Study study, NeuronId id, ModelRunner models, MemoryCaches caches, CancellationToken aborted)
    {
        if (!caches.Nearest.TryGet(id, out IReadOnlyDictionary<MemoryVectorKind, IReadOnlyList<NearMemory>>? found))
        {
            found = await models.Run((model, stop) => NearestMemories.Find(model.Model, id, MemoryLimits.Nearest, model.Threads, stop), aborted);
            caches.Nearest.Keep(id, found);
        }

        return new NearestAnswer([.. found.Select(kind =>
        {
            bool eitherWay = NearestMemories.CountsEitherWay(study.Shape.Gated, kind.Key);
            return new NearestKind(Name(kind.Key), eitherWay, [.. kind.Value.Select(near => Answer(study, near, eitherWay))]);
        })]);
    }

    private static NearMemoryAnswer Answer(Study study, NearMemory near, bool eitherWay)
    {
        ValueRecord? value = ValueTable.Read(study, near.Id);
        IEnumerable<TokenLogit> tokens = value is null ? [] : (eitherWay && near.Cosine < 0 ? value.Bottom : value.Top).Take(Tokens);
        return new NearMemoryAnswer(near.Id.ToString(), near.Cosine, StudyMemories.Has(study, near.Id), [.. tokens.Select(token => study.TokenPiece(token.Token) ?? "?")]);
    }

    private static string Name(MemoryVectorKind kind) => kind switch
    {
        MemoryVectorKind.Key => "key",
        MemoryVectorKind.GateKey => "gateKey",
        _ => "value",
    };
}
