namespace Keyhole.Engine.Tokens.Processors;

/// <summary>A step after the model: it trims offsets or puts special tokens around the text.</summary>
internal interface IPostStep;
