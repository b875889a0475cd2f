using Keyhole.TestSupport;

namespace Keyhole.Fuzz;

/// <summary>The files of one seed on disk, one of them damaged at a time.</summary>
internal sealed class CaseFolder
{
    private readonly Seed _seed;
    private readonly string _folder;
    private string? _damaged;

    /// <summary>Writes the files.</summary>
    public CaseFolder(Seed seed, TemporaryFolder root, string name)
    {
        _seed = seed;
        _folder = root.File(name);
        Directory.CreateDirectory(_folder);
        foreach ((string file, byte[] bytes) in seed.Files)
        {
            File.WriteAllBytes(Path.Combine(_folder, file), bytes);
        }
    }

    /// <summary>What is opened.</summary>
    public string Target => _seed.Open.Length == 0 ? _folder : Path.Combine(_folder, _seed.Open);

    /// <summary>Whether a sentence names a file of the seed, or its folder.</summary>
    public bool IsNamedIn(string sentence) => sentence.Contains(Path.GetFileName(_folder), StringComparison.Ordinal) || _seed.Files.Keys.Any(file => sentence.Contains(file, StringComparison.Ordinal));

    /// <summary>Makes all files whole but one.</summary>
    public void Damage(string file, byte[] bytes)
    {
        if (_damaged is not null && _damaged != file)
        {
            Write(_damaged, _seed.Files[_damaged]);
        }
        Write(file, bytes);
        _damaged = file;
    }

    // A new file each time: what an earlier case may still have mapped stays as it was.
    private void Write(string file, byte[] bytes)
    {
        string path = Path.Combine(_folder, file);
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
    }
}
