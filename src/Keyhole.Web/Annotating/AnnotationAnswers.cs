namespace Keyhole.Web.Annotating;

/// <summary>The annotation project and its annotators, as far as these may know it.</summary>
/// <param name="Project">The project; null where the study has none.</param>
/// <param name="Annotators">Everyone who has saved something, by name.</param>
public sealed record AnnotationState(ProjectSummary? Project, IReadOnlyList<AnnotatorProgress> Annotators);

/// <summary>The project without what would tell which sheet is what.</summary>
/// <param name="Sheets">Sheets in all.</param>
/// <param name="PerLayer">Memories of a layer.</param>
/// <param name="Decoys">Decoys of a layer.</param>
/// <param name="Prefixes">Prefixes of a sheet.</param>
/// <param name="Context">Tokens of a prefix that are shown.</param>
/// <param name="Seed">The seed, in digits, for it may be larger than scripts can count.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Opened">When its results were first opened; null while annotators are blind.</param>
public sealed record ProjectSummary(int Sheets, int PerLayer, int Decoys, int Prefixes, int Context, string Seed, DateTime Created, DateTime? Opened);

/// <summary>How far an annotator is.</summary>
/// <param name="Name">The name.</param>
/// <param name="Begun">Sheets that are begun or done.</param>
/// <param name="Done">Sheets that are done.</param>
public sealed record AnnotatorProgress(string Name, int Begun, int Done);

/// <summary>An annotator's sheets in the annotator's own order.</summary>
/// <param name="Annotator">The name, without spaces around it.</param>
/// <param name="Sheets">The sheets.</param>
public sealed record AnnotatorSheets(string Annotator, IReadOnlyList<SheetState> Sheets);

/// <summary>A sheet in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State"><c>new</c>, <c>begun</c> or <c>done</c>.</param>
public sealed record SheetState(string Id, string State);

/// <summary>A sheet, and what its annotator has written so far.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Annotator">The annotator.</param>
/// <param name="Number">Its place in the annotator's order, from 1.</param>
/// <param name="Of">Sheets in all.</param>
/// <param name="Done">Sheets that the annotator is done with.</param>
/// <param name="Previous">The sheet before; null at the first.</param>
/// <param name="Next">The sheet after; null at the last.</param>
/// <param name="NextOpen">The next sheet that is not done, going round; null where there is none but this.</param>
/// <param name="Prefixes">The prefixes.</param>
/// <param name="Annotation">What is kept; null where nothing is.</param>
public sealed record SheetPage(string Id, string Annotator, int Number, int Of, int Done, string? Previous, string? Next, string? NextOpen, IReadOnlyList<PrefixText> Prefixes, SheetAnnotation? Annotation);

/// <summary>A prefix as it is shown.</summary>
/// <param name="Before">The text before the last token.</param>
/// <param name="Last">The last token.</param>
/// <param name="Cut">Whether text was left out on the left.</param>
public sealed record PrefixText(string Before, string Last, bool Cut);

/// <summary>What is kept of a sheet.</summary>
/// <param name="Revision">Number of the last save.</param>
/// <param name="Patterns">The patterns.</param>
/// <param name="Note">The remark.</param>
/// <param name="Done">Whether the annotator is done with it.</param>
public sealed record SheetAnnotation(int Revision, IReadOnlyList<PatternText> Patterns, string Note, bool Done);

/// <summary>A pattern.</summary>
/// <param name="Text">What the prefixes share.</param>
/// <param name="Kind"><c>shallow</c>, <c>syntactic</c> or <c>semantic</c>.</param>
/// <param name="Prefixes">Places of the prefixes that show it, from 0.</param>
public sealed record PatternText(string Text, string Kind, IReadOnlyList<int> Prefixes);

/// <summary>What became of a save.</summary>
/// <param name="Outcome"><c>saved</c>, or <c>repeated</c> where it had been kept before.</param>
/// <param name="Revision">The revision that is kept.</param>
public sealed record SaveAnswer(string Outcome, int Revision);

/// <summary>What an import did.</summary>
/// <param name="MadeProject">Whether the project is that of the file now.</param>
/// <param name="Added">New annotations.</param>
/// <param name="Replaced">Annotations in place of older ones.</param>
/// <param name="Same">Annotations that were known.</param>
/// <param name="Older">Annotations of which a later one stays.</param>
/// <param name="Labels">New free labels.</param>
public sealed record ImportAnswer(bool MadeProject, int Added, int Replaced, int Same, int Older, int Labels);

/// <summary>A memory's labels.</summary>
/// <param name="Memory">The memory.</param>
/// <param name="Labels">Its labels: those of sheets, once the results are open, then free ones.</param>
public sealed record MemoryLabels(string Memory, IReadOnlyList<LabelText> Labels);

/// <summary>A label.</summary>
/// <param name="Number">Its number, for taking a free one away.</param>
/// <param name="Text">What it says.</param>
/// <param name="Kind"><c>shallow</c>, <c>syntactic</c> or <c>semantic</c>.</param>
/// <param name="Annotator">Who says it.</param>
/// <param name="Blind">Whether it was given on a blind sheet.</param>
/// <param name="Pole">The sheet's pole; null for a free label.</param>
/// <param name="Covered">Prefixes of the sheet that show it; null for a free label.</param>
/// <param name="Prefixes">Prefixes of the sheet; null for a free label.</param>
public sealed record LabelText(long Number, string Text, string Kind, string Annotator, bool Blind, string? Pole, int? Covered, int? Prefixes);
