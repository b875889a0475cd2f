namespace Keyhole.Engine.Tokens;

/// <summary>A token that is looked for in the text before the model sees it.</summary>
internal sealed record AddedToken(
    string Content, int Id, bool SingleWord = false, bool StripsLeft = false, bool StripsRight = false, bool Normalized = false, bool Special = false);
