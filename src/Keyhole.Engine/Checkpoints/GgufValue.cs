using System.Globalization;

namespace Keyhole.Engine.Checkpoints;

/// <summary>Reads one typed metadata value of a GGUF file.</summary>
internal static class GgufValue
{
    private const int DeepestArray = 4;
    private const uint ArrayType = 9;

    /// <summary>A string, bool, byte, sbyte, ushort, short, uint, int, ulong, long, float, double, or an array of one of them (object[] for arrays of arrays).</summary>
    public static object Read(MappedFile file, GgufCursor cursor, string key)
    {
        uint type = cursor.Read<uint>($"the type of metadata key {Naming.Quote(key)}");
        return ReadTyped(file, cursor, key, type, 0);
    }

    private static object ReadTyped(MappedFile file, GgufCursor cursor, string key, uint type, int depth)
    {
        string field = $"metadata key {Naming.Quote(key)}";
        return type switch
        {
            0 => cursor.Read<byte>(field),
            1 => cursor.Read<sbyte>(field),
            2 => cursor.Read<ushort>(field),
            3 => cursor.Read<short>(field),
            4 => cursor.Read<uint>(field),
            5 => cursor.Read<int>(field),
            6 => cursor.Read<float>(field),
            7 => cursor.Read<byte>(field) != 0,
            8 => cursor.ReadText(field),
            ArrayType => ReadArray(file, cursor, key, depth + 1),
            10 => cursor.Read<ulong>(field),
            11 => cursor.Read<long>(field),
            12 => cursor.Read<double>(field),
            _ => throw Unknown(file, key, type),
        };
    }

    private static object ReadArray(MappedFile file, GgufCursor cursor, string key, int depth)
    {
        string field = $"metadata key {Naming.Quote(key)}";
        if (depth > DeepestArray)
        {
            throw new InputRefusedException(CheckpointCodes.Malformed, $"'{file.Path}': {field} nests arrays deeper than {DeepestArray}; the file is damaged.");
        }
        uint type = cursor.Read<uint>(field);
        ulong count = cursor.Read<ulong>(field);
        return type switch
        {
            0 => cursor.ReadArray<byte>(count, field),
            1 => cursor.ReadArray<sbyte>(count, field),
            2 => cursor.ReadArray<ushort>(count, field),
            3 => cursor.ReadArray<short>(count, field),
            4 => cursor.ReadArray<uint>(count, field),
            5 => cursor.ReadArray<int>(count, field),
            6 => cursor.ReadArray<float>(count, field),
            7 => Array.ConvertAll(cursor.ReadArray<byte>(count, field), value => value != 0),
            8 => ReadStrings(cursor, count, field),
            ArrayType => ReadArrays(file, cursor, key, count, depth, field),
            10 => cursor.ReadArray<ulong>(count, field),
            11 => cursor.ReadArray<long>(count, field),
            12 => cursor.ReadArray<double>(count, field),
            _ => throw Unknown(file, key, type),
        };
    }

    private static string[] ReadStrings(GgufCursor cursor, ulong count, string field)
    {
        cursor.RequireCount(count, 8, field);   // each has its length
        string[] strings = new string[count];
        for (int i = 0; i < strings.Length; i++)
        {
            strings[i] = cursor.ReadText(field);
        }
        return strings;
    }

    private static object[] ReadArrays(MappedFile file, GgufCursor cursor, string key, ulong count, int depth, string field)
    {
        cursor.RequireCount(count, 4 + 8, field);   // each has its type and length
        object[] arrays = new object[count];
        for (int i = 0; i < arrays.Length; i++)
        {
            arrays[i] = ReadArray(file, cursor, key, depth + 1);
        }
        return arrays;
    }

    private static InputRefusedException Unknown(MappedFile file, string key, uint type) => new(CheckpointCodes.Malformed, string.Create(CultureInfo.InvariantCulture,
        $"'{file.Path}': metadata key {Naming.Quote(key)} has the type {type}, which GGUF does not define; the file is damaged or newer than this program."));
}
