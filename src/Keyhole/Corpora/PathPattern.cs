namespace Keyhole.Corpora;

/// <summary>A pattern of file names: <c>*</c> and <c>?</c> stay inside a name, <c>**</c> as a whole name stands for any number of folders.</summary>
internal sealed class PathPattern
{
    private readonly string[] _names;

    private PathPattern(string root, string[] names)
    {
        Root = root;
        _names = names;
    }

    /// <summary>The folder before the first name with a wildcard; <c>.</c> if there is none.</summary>
    public string Root { get; }

    public static bool IsPattern(string path) => path.AsSpan().IndexOfAny('*', '?') >= 0;

    public static PathPattern Parse(string path)
    {
        string[] names = path.Replace('\\', Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar);
        int first = Array.FindIndex(names, IsPattern);
        string root = string.Join(Path.DirectorySeparatorChar, names, 0, first);
        if (root.Length == 0) root = first == 0 ? "." : Path.DirectorySeparatorChar.ToString();
        return new PathPattern(root, names[first..]);
    }

    /// <summary>Whether a path below the root, with <c>/</c>, matches.</summary>
    public bool Matches(string relativePath)
    {
        string[] path = relativePath.Split('/');
        // reached[j]: the names so far can stand for the first j names of the path.
        bool[] reached = new bool[path.Length + 1];
        reached[0] = true;
        foreach (string name in _names)
        {
            bool[] next = new bool[path.Length + 1];
            for (int j = 0; j <= path.Length; j++)
            {
                if (name == "**") next[j] = reached[j] || (j > 0 && next[j - 1]);
                else if (j > 0 && reached[j - 1]) next[j] = NameMatches(name, path[j - 1]);
            }

            reached = next;
        }

        return reached[path.Length];
    }

    /// <summary>One name against one wildcard name: on a mismatch only the last star is tried again.</summary>
    private static bool NameMatches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int p = 0;
        int n = 0;
        int star = -1;
        int resume = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = n;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].IndexOfAnyExcept('*') < 0;
    }
}
