using Keyhole.Web.Annotating;
using Keyhole.Web.Memories;
using Keyhole.Web.Overview;

namespace Keyhole.Web.Site;

/// <summary>The data of a site's first page.</summary>
/// <param name="Page">Always <c>index</c>.</param>
/// <param name="Study">The study.</param>
/// <param name="Rule">How the memories were chosen: a sentence.</param>
/// <param name="Coloured">Whether texts are coloured.</param>
/// <param name="Memories">The memories of the site, in order.</param>
internal sealed record SiteIndex(string Page, StudySummary Study, string Rule, bool Coloured, IReadOnlyList<SiteEntry> Memories);

/// <summary>A memory in the list of a site.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Layer">Its layer.</param>
/// <param name="Max">Its largest coefficient.</param>
/// <param name="Triggers">Triggers of all its poles.</param>
/// <param name="Prefix">The last tokens of its best prefix; null where it never fires.</param>
/// <param name="Target">The token after it.</param>
/// <param name="Top">What its value promotes most; empty where the study has no values.</param>
internal sealed record SiteEntry(string Id, int Layer, float Max, int Triggers, string? Prefix, string? Target, IReadOnlyList<string?> Top);

/// <summary>The data of a memory's page.</summary>
/// <param name="Page">Always <c>memory</c>.</param>
/// <param name="Study">The study.</param>
/// <param name="Memory">The memory, as the server gives it; the memories before and after are those of the site.</param>
/// <param name="Figures">Where it stands in its layer.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Coloured">Its coefficients by unit; null where the model was not at hand.</param>
internal sealed record SiteMemory(string Page, StudySummary Study, MemoryAnswer Memory, MemoryLayerAnswer Figures, IReadOnlyList<LabelText> Labels, IReadOnlyDictionary<int, SiteColours>? Coloured);

/// <summary>Coefficients of a memory on a text.</summary>
/// <param name="From">Position of the first.</param>
/// <param name="Values">One a token.</param>
internal sealed record SiteColours(int From, float[] Values);
