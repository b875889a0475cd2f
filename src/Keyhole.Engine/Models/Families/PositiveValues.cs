using System.Globalization;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Engine.Models.Families;

/// <summary>Reads sizes: whole numbers above zero, so that nothing later divides by zero or allocates nonsense.</summary>
internal static class PositiveValues
{
    /// <summary>A size from config.json.</summary>
    public static int Size(this ModelConfig config, string key) => Require(config, key, config.GetInt32(key));

    /// <summary>A size from config.json, or <paramref name="missing"/> where it is not given.</summary>
    public static int Size(this ModelConfig config, string key, int missing) => Require(config, key, config.GetInt32(key, missing));

    /// <summary>A size from GGUF metadata.</summary>
    public static int Size(this GgufFile file, string key) => Require(file, key, file.GetInt64(key));

    /// <summary>A size from GGUF metadata, or <paramref name="missing"/> where it is not given.</summary>
    public static int Size(this GgufFile file, string key, int missing) => Require(file, key, file.GetInt64(key, missing));

    /// <summary>A part of a whole that it must divide: heads of a width, shared heads of all heads.</summary>
    public static int Quotient(string file, string wholeName, int whole, string partName, int part)
        => whole % part == 0 ? whole / part : throw new InputRefusedException("KH3009", string.Create(CultureInfo.InvariantCulture, $"{file}: {partName} {part} does not divide {wholeName} {whole}."));

    /// <summary>A product of sizes, which must be a size itself: heads times numbers a head.</summary>
    public static int Product(string file, string firstName, int first, string secondName, int second)
        => (long)first * second <= int.MaxValue ? first * second : throw new InputRefusedException("KH3009", string.Create(CultureInfo.InvariantCulture, $"{file}: {firstName} {first} times {secondName} {second} is too large."));

    /// <summary>Number of layers: each has tensors of its own, so that a damaged number is refused before it is counted up to.</summary>
    public static int Layers(string file, string name, int layers, Checkpoint checkpoint)
        => layers <= checkpoint.Tensors.Count ? layers : throw new InputRefusedException("KH3009", string.Create(CultureInfo.InvariantCulture, $"{file}: {name} is {layers}, more than the {checkpoint.Tensors.Count} tensors in '{checkpoint.Path}'."));

    private static int Require(ModelConfig config, string key, int value) => value > 0 ? value : throw config.Refuse(key, "a whole number above 0");

    private static int Require(GgufFile file, string key, long value) => value is > 0 and <= int.MaxValue
        ? (int)value
        : throw new InputRefusedException("KH3009", string.Create(CultureInfo.InvariantCulture, $"{file.Path}: {key} is {value}, expected a whole number above 0."));
}
