namespace Keyhole.Corpora;

/// <summary>Reads the units of one file, a stretch at a time.</summary>
internal abstract class FileReader
{
    /// <summary>Appends the units of the next stretch (often none, of a long line many).</summary>
    /// <returns>False when the file is at its end and all units were appended.</returns>
    public abstract bool Read(List<TextUnit> units);
}
