using Keyhole.Engine.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Both containers of torch.save, written by hand: what is read of them, and what is refused.</summary>
public sealed class PyTorchContainerTests
{
    private static readonly byte[] s_floats = [0, 0, 128, 63, 0, 0, 0, 64];   // 1, 2

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, "a comment of the archive")]
    public void Zip_archives_are_read_with_any_prefix(bool zip64, string comment)
    {
        ZipText zip = new() { Zip64 = zip64 };
        Assert.Equal([1f, 2f], Read(Model(zip).Build(comment)));
    }

    [Fact]
    public void Legacy_files_are_read()
        => Assert.Equal([1f, 2f], Read(PickleText.Legacy(PickleText.StateDict(2), ("0", [1, 2]))));

    [Theory]
    [InlineData("KH1017", "'p/data.pkl'", 8, 0, 0, 0)]
    [InlineData("KH1017", "encrypted", 0, 1, 0, 0)]
    [InlineData("KH1004", "is not where", 0, 0, 1 << 20, 0)]
    [InlineData("KH1004", "inside another", 0, 0, 9, 0)]
    [InlineData("KH1004", "cannot be", 0, 0, 0, 1 << 20)]
    [InlineData("KH1004", "is not where", 0, 0, 0, -3)]
    public void Directories_that_cannot_be_are_refused(string code, string part, int method, int flags, long longer, long shift)
    {
        ZipText zip = new() { Method = (ushort)method, Flags = (ushort)flags, Longer = longer, Shift = shift };
        Refuse(code, Model(zip).Build(), "m.pt", part);
    }

    [Theory]
    [InlineData(long.MaxValue, 0)]
    [InlineData(long.MinValue, 0)]
    [InlineData(0, long.MaxValue)]
    [InlineData(0, long.MinValue)]
    public void Zip64_numbers_that_cannot_be_are_refused(long longer, long shift)
        => Refuse("KH1004", Model(new ZipText { Zip64 = true, Longer = longer, Shift = shift }).Build(), "m.pt");

    [Fact]
    public void Entries_that_are_missing_or_of_another_machine_are_refused()
    {
        byte[] pickle = PickleText.StateDict(2).Build();
        Refuse("KH1017", new ZipText().Entry("a.txt", [1]).Build(), "no entry");
        Refuse("KH1017", new ZipText().Entry("a/data.pkl", pickle).Entry("b/data.pkl", pickle).Build(), "more than one");
        Refuse("KH1004", Model(new ZipText()).Entry("p/data/0", s_floats).Build(), "'p/data/0'", "twice");
        Refuse("KH1003", new ZipText().Entry("p/data.pkl", pickle).Build(), "'w'", "storage '0' of 8 bytes");
        Refuse("KH1003", new ZipText().Entry("p/data.pkl", pickle).Entry("p/data/0", s_floats[..7]).Build(), "'w'");
        Refuse("KH1006", Model(new ZipText()).Entry("p/byteorder", [.. "big"u8]).Build(), "byteorder");
        Refuse("KH1006", BigEndian(PickleText.Legacy(PickleText.StateDict(2), ("0", [1, 2]))), "big-endian");
        Refuse("KH1017", new PickleText().Raw([0x80, 2]).Raw("}.").Build(), "not one of torch.save");
    }

    [Fact]
    public void Legacy_storages_that_are_not_as_the_pickle_says_are_refused()
    {
        Refuse("KH1003", PickleText.Legacy(PickleText.StateDict(3), ("0", [1, 2])), "'0'", "12 bytes");
        Refuse("KH1005", PickleText.Legacy(PickleText.StateDict(1), ("0", [1, 2])), "2 elements", "says 1");
        Refuse("KH1005", [.. PickleText.Legacy(PickleText.StateDict(2), ("0", [1, 2])), 0], "end at byte");
        Refuse("KH1004", PickleText.Legacy(PickleText.StateDict(2), ("1", [1, 2])), "'1'");
        Refuse("KH1004", PickleText.Legacy(PickleText.StateDict(2), ("0", [1, 2]), ("0", [1, 2])), "twice");
        Refuse("KH1003", PickleText.Legacy(PickleText.StateDict(2)), "'w'");
    }

    private static ZipText Model(ZipText zip) => zip.Entry("p/data.pkl", PickleText.StateDict(2).Build()).Entry("p/data/0", s_floats);

    // The first NEWTRUE is the value of little_endian.
    private static byte[] BigEndian(byte[] file)
    {
        file[Array.IndexOf(file, (byte)0x88)] = 0x89;
        return file;
    }

    private static float[] Read(byte[] file)
    {
        using TemporaryFolder folder = new();
        using Checkpoint checkpoint = Checkpoint.Open(folder.Write("anything", file));
        float[] values = new float[2];
        checkpoint.ReadFloats(checkpoint.Require("w"), 0, values);
        return values;
    }

    private static void Refuse(string code, byte[] file, params string[] parts)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("m.pt", file);
        Refused.With(code, () => Checkpoint.Open(path).Dispose(), parts);
    }
}
