namespace Keyhole.Engine.Tokens.Text;

/// <summary>Classes of a code point that tokenizers ask for.</summary>
[Flags]
internal enum CharClass : byte
{
    /// <summary>None of them (controls, format characters, unassigned, private use).</summary>
    None = 0,

    /// <summary>General category L.</summary>
    Letter = 1,

    /// <summary>General category N.</summary>
    Number = 2,

    /// <summary>White_Space.</summary>
    WhiteSpace = 4,

    /// <summary>General category M.</summary>
    Mark = 8,

    /// <summary>General category P.</summary>
    Punctuation = 16,

    /// <summary>General category S.</summary>
    Symbol = 32,

    /// <summary>Alphabetic, M, Nd or Pc: <c>\w</c>.</summary>
    Word = 64,
}
