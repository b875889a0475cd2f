using Keyhole.Engine;
using Keyhole.Memories;

namespace Keyhole.Cli.Mining;

/// <summary>Reads a list of memories: one name a line; blank lines and lines that begin with # are passed over.</summary>
internal static class NeuronFile
{
    /// <summary>The memories of the file.</summary>
    /// <exception cref="InputRefusedException">The file is missing, empty, or a line names no memory.</exception>
    public static IReadOnlySet<NeuronId> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputRefusedException("KH6007", $"{path}: no such file. --neurons takes a file that names one memory a line, such as L3N128.");
        }

        var neurons = new HashSet<NeuronId>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            string name = line.Trim();
            if (name.Length == 0 || name[0] == '#')
            {
                continue;
            }

            if (!NeuronId.TryParse(name, out NeuronId id))
            {
                throw new InputRefusedException("KH6007", $"{path}, line {number}: '{name}' names no memory; write layer and index, both from 0, as L3N128, of an expert as L3E2N77.");
            }

            neurons.Add(id);
        }

        return neurons.Count > 0 ? neurons : throw new InputRefusedException("KH6007", $"{path}: names no memory; write one a line, such as L3N128.");
    }
}
