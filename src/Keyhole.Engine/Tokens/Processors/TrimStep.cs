namespace Keyhole.Engine.Tokens.Processors;

/// <summary>Takes leading and trailing white space out of the offsets of byte-level tokens.</summary>
internal sealed record TrimStep(bool AddPrefixSpace) : IPostStep;
