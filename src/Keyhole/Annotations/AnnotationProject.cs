using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Keyhole.Annotations;

/// <summary>The annotation project of a study: its sheets, which never change, and what they were drawn by.</summary>
public sealed class AnnotationProject
{
    private readonly FrozenDictionary<string, Sheet> _byId;

    internal AnnotationProject(AnnotationOptions options, byte[] key, DateTime created, DateTime? opened, ImmutableArray<Sheet> sheets)
    {
        Options = options;
        Key = key;
        Created = created;
        Opened = opened;
        Sheets = sheets;
        _byId = sheets.DistinctBy(sheet => sheet.Id).ToFrozenDictionary(sheet => sheet.Id, StringComparer.Ordinal);
    }

    /// <summary>What it was made with.</summary>
    public AnnotationOptions Options { get; }

    /// <summary>When it was made, UTC.</summary>
    public DateTime Created { get; }

    /// <summary>When its results were first opened, UTC; null while annotators are blind.</summary>
    public DateTime? Opened { get; }

    /// <summary>All sheets in order of layer, kind and memory: an order that must not be shown to annotators.</summary>
    public ImmutableArray<Sheet> Sheets { get; }

    /// <summary>The secret that ids and orders are made with; 32 bytes.</summary>
    internal byte[] Key { get; }

    /// <summary>A sheet by its id; null where there is none.</summary>
    /// <param name="id">The id.</param>
    public Sheet? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The sheets in the order in which an annotator sees them: shuffled, for each annotator differently, always the same for one name.</summary>
    /// <param name="annotator">The annotator's name.</param>
    public ImmutableArray<Sheet> OrderFor(string annotator)
    {
        ArgumentNullException.ThrowIfNull(annotator);
        return [.. Sheets.OrderBy(sheet => Convert.ToHexString(Hash(Key, $"order\0{annotator}\0{sheet.Id}")), StringComparer.Ordinal)];
    }

    /// <summary>The id of a sheet by its number in <see cref="Sheets"/>: HMAC-SHA256 under the project's key, so that numbers cannot be told from ids.</summary>
    internal static string IdOf(byte[] key, int number) => Convert.ToHexStringLower(Hash(key, $"sheet\0{number}").AsSpan(0, 10));

    private static byte[] Hash(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
