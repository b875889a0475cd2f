namespace Keyhole.Corpora;

/// <summary>Kinds of <see cref="SentenceStop"/>.</summary>
internal enum StopKind
{
    /// <summary>A full stop.</summary>
    Period,

    /// <summary>Omission or hesitation: <c>...</c>, <c>…</c>, <c>. . .</c>.</summary>
    Ellipsis,

    /// <summary>With a question or exclamation mark.</summary>
    Emphatic,
}
