namespace Keyhole.Engine.Tokens.Models;

/// <summary>A node of the linked list of symbols that are merged; a length of 0 marks one that was merged away.</summary>
internal struct Symbol
{
    public int Id;
    public int Start;
    public int Length;
    public int Previous;
    public int Next;
}
