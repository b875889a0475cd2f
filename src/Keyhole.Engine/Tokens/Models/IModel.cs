namespace Keyhole.Engine.Tokens.Models;

/// <summary>Turns one pre-token into tokens.</summary>
internal interface IModel
{
    string Kind { get; }

    Vocabulary Vocabulary { get; }

    /// <summary>Id of the unknown token, or -1.</summary>
    int UnknownId { get; }

    /// <summary>Adds the tokens of <c>text[start..end]</c>, with places counted in <paramref name="text"/>.</summary>
    void Tokenize(ReadOnlySpan<byte> text, int start, int end, Workspace workspace, TokenList output);
}
