namespace Keyhole.Engine.Tokens.Processors;

/// <summary>Special tokens before and after the text.</summary>
internal sealed record WrapStep(int[] Before, int[] After) : IPostStep;
