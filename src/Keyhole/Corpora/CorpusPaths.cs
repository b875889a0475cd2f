namespace Keyhole.Corpora;

/// <summary>Turns what the user named (files, folders, patterns, <c>-</c>) into files in a fixed order.</summary>
internal static class CorpusPaths
{
    /// <summary>The files, in the order of the arguments and, within one, in ordinal order of the relative path. A file named twice is there once.</summary>
    public static List<CorpusSource> Resolve(IReadOnlyList<string> paths, string standardInputName)
    {
        List<CorpusSource> sources = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            foreach (CorpusSource source in ResolveOne(path, standardInputName))
            {
                if (seen.Add(source.FullPath ?? "-")) sources.Add(source);
            }
        }

        TellApart(sources);
        return sources;
    }

    private static List<CorpusSource> ResolveOne(string path, string standardInputName)
    {
        if (path == "-") return [new CorpusSource(null, standardInputName)];
        if (path.Length == 0) throw CorpusRefusal.Missing(path);
        List<CorpusSource> found = [];
        try
        {
            if (File.Exists(path))
            {
                return [new CorpusSource(Path.GetFullPath(path), Path.GetFileName(path))];
            }

            if (Directory.Exists(path))
            {
                AddFolder(path, _ => true, found);
            }
            else if (PathPattern.IsPattern(path))
            {
                PathPattern pattern = PathPattern.Parse(path);
                if (Directory.Exists(pattern.Root)) AddFolder(pattern.Root, pattern.Matches, found);
            }
            else
            {
                throw CorpusRefusal.Missing(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CorpusRefusal.Unreadable(path, e);
        }

        if (found.Count == 0) throw CorpusRefusal.NoFiles(path);
        found.Sort((a, b) => string.CompareOrdinal(a.RelativePath, b.RelativePath));
        return found;
    }

    private static void AddFolder(string folder, Func<string, bool> wanted, List<CorpusSource> found)
    {
        string root = Path.GetFullPath(folder);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(root));
        Walk(root, "", []);

        void Walk(string directory, string below, HashSet<string> entered)
        {
            // A link may lead back up: a folder is entered once.
            if (!entered.Add(new DirectoryInfo(directory).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? directory)) return;
            foreach (FileSystemInfo entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
            {
                if (entry.Name.StartsWith('.')) continue;
                string relative = below + entry.Name;
                if (Directory.Exists(entry.FullName)) Walk(entry.FullName, relative + "/", entered);
                else if (wanted(relative)) found.Add(new CorpusSource(entry.FullName, name.Length == 0 ? relative : name + "/" + relative));
            }
        }
    }

    /// <summary>Files of the same name get as many of their folders in front as tell them apart.</summary>
    private static void TellApart(List<CorpusSource> sources)
    {
        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (IGrouping<string, int> same in Enumerable.Range(0, sources.Count)
                .GroupBy(i => sources[i].RelativePath, StringComparer.Ordinal).Where(g => g.Count() > 1).ToList())
            {
                foreach (int i in same)
                {
                    if (WithOneMoreFolder(sources[i]) is not { } longer) continue;
                    sources[i] = sources[i] with { RelativePath = longer };
                    changed = true;
                }
            }
        }
    }

    private static string? WithOneMoreFolder(CorpusSource source)
    {
        if (source.FullPath is null) return null;
        string[] names = source.FullPath.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        int used = source.RelativePath.Count(c => c == '/') + 1;
        return used >= names.Length ? null : string.Join('/', names[(names.Length - used - 1)..]);
    }
}
