namespace Keyhole.Web.Annotating;

/// <summary>A project to be made; what is left out is as in the paper.</summary>
/// <param name="PerLayer">Memories of a layer.</param>
/// <param name="Prefixes">Prefixes of a sheet.</param>
/// <param name="Decoys">Decoys of a layer.</param>
/// <param name="Context">Tokens of a prefix that are shown.</param>
/// <param name="Seed">The seed, in digits.</param>
/// <param name="Layers">Layers, from 0; null for all.</param>
public sealed record ProjectRequest(int? PerLayer, int? Prefixes, int? Decoys, int? Context, string? Seed, IReadOnlyList<int>? Layers);

/// <summary>What an annotator's page asks to keep of a sheet.</summary>
/// <param name="Annotator">The name.</param>
/// <param name="Revision">One more than the last revision that the page knows to be kept.</param>
/// <param name="Key">The page's own name for this save; a repeat has the same.</param>
/// <param name="Patterns">The patterns.</param>
/// <param name="Note">A remark.</param>
/// <param name="Done">Whether the annotator is done with the sheet.</param>
public sealed record SaveRequest(string Annotator, int Revision, string Key, IReadOnlyList<PatternText> Patterns, string? Note, bool Done);

/// <summary>A free label to be given.</summary>
/// <param name="Memory">The memory, such as L12N3456.</param>
/// <param name="Annotator">Who gives it.</param>
/// <param name="Text">What the memory stands for.</param>
/// <param name="Kind"><c>shallow</c>, <c>syntactic</c> or <c>semantic</c>.</param>
/// <param name="Key">The page's own name for this label; a repeat has the same.</param>
public sealed record LabelRequest(string Memory, string Annotator, string Text, string Kind, string Key);

/// <summary>A free label to be taken away.</summary>
/// <param name="Memory">The memory.</param>
/// <param name="Number">The label's number.</param>
public sealed record LabelRemoval(string Memory, long Number);
