using System.Collections.Immutable;

namespace Keyhole.Studies;

/// <summary>One text unit of the corpus (sentence, line, document, or a window of a long one) with its tokens.</summary>
public sealed class StudyUnit
{
    /// <summary>Number in corpus order, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Index of its file in <see cref="Study.Files"/>.</summary>
    public required int File { get; init; }

    /// <summary>Byte offset in the file.</summary>
    public required long Offset { get; init; }

    /// <summary>Length in bytes in the file.</summary>
    public required long Length { get; init; }

    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>Token ids, special tokens included; shape [T].</summary>
    public required ImmutableArray<int> Tokens { get; init; }

    /// <summary>The place of every token in <see cref="Text"/>; shape [T].</summary>
    public required ImmutableArray<TokenSpan> Spans { get; init; }

    /// <summary>What is special about it.</summary>
    public UnitTraits Traits { get; init; }
}
