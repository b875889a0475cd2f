using Keyhole.Engine.Tokens.Decoders;
using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.Normalizers;
using Keyhole.Engine.Tokens.PreTokenizers;
using Keyhole.Engine.Tokens.Processors;

namespace Keyhole.Engine.Tokens;

/// <summary>What a tokenizer is made of.</summary>
internal sealed record TokenizerParts(string Source, IModel Model, AddedVocabulary Added)
{
    /// <summary>Overrides the model's kind.</summary>
    public string? Kind { get; init; }

    public INormalizer? Normalizer { get; init; }

    public IPreTokenizer? PreTokenizer { get; init; }

    public IReadOnlyList<IPostStep> PostSteps { get; init; } = [];

    /// <summary>Null: pieces are joined by spaces.</summary>
    public IDecoder? Decoder { get; init; }

    public SpecialIds Special { get; init; }
}
