using System.Text.Json;
using Keyhole.Engine.Checkpoints.PyTorch;

namespace Keyhole.Engine.Checkpoints;

/// <summary>Several safetensors or PyTorch files with an index that says which tensor is in which.</summary>
internal sealed class ShardedCheckpoint : Checkpoint
{
    private const long LargestIndexBytes = 256 << 20;

    private ShardedCheckpoint(string path, IReadOnlyList<MappedFile> files, OrderedDictionary<string, TensorInfo> tensors)
        : base(files, tensors) => Path = path;

    public override string Path { get; }

    /// <summary>Opens every shard that an index names.</summary>
    /// <param name="folder">Where the shards are.</param> <param name="indexPath">The index file.</param>
    /// <remarks>A tensor that stands in a shard and not in the index is taken too; a second copy of one that the index places elsewhere is not.</remarks>
    public static ShardedCheckpoint Open(string folder, string indexPath)
    {
        OrderedDictionary<string, string> shardOf = ReadIndex(indexPath);
        string[] shards = [.. shardOf.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        string[] missing = [.. shards.Where(shard => !File.Exists(System.IO.Path.Combine(folder, shard)))];
        if (missing.Length > 0)
        {
            throw new InputRefusedException(CheckpointCodes.MissingShards,
                $"'{indexPath}' names {shards.Length} files, of which {missing.Length} are not there: {Naming.List(missing)}; copy or download them too.{HuggingFaceCache.Unfinished(folder)}");
        }
        List<MappedFile> files = [];
        try
        {
            OrderedDictionary<string, TensorInfo> tensors = new(StringComparer.Ordinal);
            foreach (string shard in shards)
            {
                files.Add(MappedFile.Open(System.IO.Path.Combine(folder, shard)));
                foreach (TensorInfo tensor in ReadShard(files[^1]))
                {
                    bool placedElsewhere = shardOf.TryGetValue(tensor.Name, out string? place) && place != shard;
                    if (!placedElsewhere && !tensors.TryAdd(tensor.Name, tensor))
                    {
                        throw new InputRefusedException(CheckpointCodes.TensorTable,
                            $"Tensor {Naming.Quote(tensor.Name)} is in '{tensors[tensor.Name].File}' and in '{tensor.File}', and '{indexPath}' does not say which is meant; the files do not belong together.");
                    }
                }
            }
            RequireIndexed(indexPath, shardOf, tensors);
            return new ShardedCheckpoint(folder, files, tensors);
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    private static List<TensorInfo> ReadShard(MappedFile file)
        => IsSafetensors(file.Path) ? SafetensorsHeader.Read(file).Tensors : PyTorchTensors.Read(file).Tensors;

    private static OrderedDictionary<string, string> ReadIndex(string indexPath)
    {
        using JsonDocument index = JsonFile.Read(indexPath, LargestIndexBytes, CheckpointCodes.Index);
        if (!index.RootElement.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new InputRefusedException(CheckpointCodes.Index, $"'{indexPath}' has no object 'weight_map'; copy or download it again.");
        }
        OrderedDictionary<string, string> shardOf = new(StringComparer.Ordinal);
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            string tensor = JsonFile.Name(entry, indexPath, CheckpointCodes.Index);
            string? shard = JsonFile.Text(entry.Value);
            if (shard is null || !IsPlainFileName(shard))
            {
                throw new InputRefusedException(CheckpointCodes.Index,
                    $"'{indexPath}': 'weight_map' places tensor {Naming.Quote(tensor)} in {Naming.Quote(shard ?? entry.Value.GetRawText())}, which is not the name of a .safetensors or .bin file in the same folder; it is refused.");
            }
            shardOf.Add(tensor, shard);
        }
        return shardOf;
    }

    // No separator of any system, no drive, no dots alone: the file lies in the index's folder.
    private static bool IsPlainFileName(string name)
        => (IsSafetensors(name) || name.EndsWith(".bin", StringComparison.Ordinal)) && name.AsSpan().IndexOfAny("/\\:\0") < 0;

    private static bool IsSafetensors(string name) => name.EndsWith(".safetensors", StringComparison.Ordinal);

    private static void RequireIndexed(string indexPath, OrderedDictionary<string, string> shardOf, OrderedDictionary<string, TensorInfo> tensors)
    {
        string[] missing = [.. shardOf.Keys.Where(name => !tensors.ContainsKey(name))];
        if (missing.Length > 0)
        {
            string[] unknown = [.. tensors.Keys.Where(name => !shardOf.ContainsKey(name))];
            throw new InputRefusedException(CheckpointCodes.IndexMismatch,
                $"The tensors of the files that '{indexPath}' names are not those that it lists: {Naming.MissingAndUnknown(missing, unknown)}; index and files do not belong together.");
        }
    }
}
