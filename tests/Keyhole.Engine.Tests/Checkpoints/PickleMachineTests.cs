using Keyhole.Engine.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Pickles written opcode by opcode: nothing is executed, whatever they say, and nothing they say takes long.</summary>
public sealed class PickleMachineTests
{
    [Theory]
    [InlineData("opcode NewObjEx (0x92)", "}\u0092.")]
    [InlineData("opcode Inst (0x69)", "(ios\nsystem\n.")]
    [InlineData("opcode Ext1 (0x82)", "\u0082\u0001.")]
    [InlineData("opcode Long4 (0x8B)", "\u008B\u0001\0\0\0\u0001.")]
    [InlineData("the byte 0x00, which is no opcode", "\0")]
    [InlineData("recalls the value 7", "h\u0007.")]
    [InlineData("recalls the value 4294967295", "j\u00FF\u00FF\u00FF\u00FF.")]
    [InlineData("takes a value where there is none", ".")]
    [InlineData("takes a value where there is none", "(.")]
    [InlineData("takes a value where there is none", "N\u0086.")]
    [InlineData("takes a value where there is none", "N(N\u0086.")]
    [InlineData("takes a value where there is none", "(q\0.")]
    [InlineData("back to a mark", "Nt.")]
    [InlineData("left over", "NN.")]
    [InlineData("unknown protocol", "\u0080\u0009.")]
    [InlineData("a frame that is longer", "\u0095\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF.")]
    [InlineData("not UTF-8", "\u008C\u0001\u00FF.")]
    [InlineData("a line without end", "cos")]
    [InlineData("the number 'x'", "Ix\n.")]
    [InlineData("appends", "NNa.")]
    [InlineData("no dict", "NNNs.")]
    [InlineData("a key without a value", "}(Nu.")]
    [InlineData("the key 'a' twice", "}(\u008C\u0001aN\u008C\u0001aNu.")]
    [InlineData("something else than short strings", "NN\u0093.")]
    [InlineData("calls something that is no function", "NNR.")]
    [InlineData("calls something that is no function", "cos\nsystem\nNR.")]
    [InlineData("attributes that are no dict", "cargparse\nNamespace\n)\u0081Nb.")]
    [InlineData("twice", "cargparse\nNamespace\n)\u0081}\u008C\u0001aNsb}\u008C\u0001aNsb.")]
    [InlineData("pairs", "ccollections\nOrderedDict\n](NNNta\u0085R.")]
    public void Opcodes_that_are_not_interpreted_or_make_no_sense_are_refused(string part, string pickle)
        => Refuse("KH1004", part, new PickleText().Raw(pickle));

    [Theory]
    [InlineData("X\u00FF\u00FF\u00FF\u00FF.")]
    [InlineData("T\u00FF\u00FF\u00FF\u007F.")]
    [InlineData("\u008D\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF.")]
    [InlineData("\u008E\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u007F.")]
    public void Lengths_beyond_the_end_are_refused(string pickle) => Refuse("KH1003", "are left", new PickleText().Raw(pickle));

    [Fact]
    public void Calls_become_objects_that_nothing_is_done_with()
    {
        using TemporaryFolder folder = new();
        string trap = folder.File("executed");
        PickleText pickle = new PickleText().Raw("}").Text("w").Raw(PickleText.Tensor("0", 1).Build()).Raw("s")
            .Text("evil").Raw("cposix\nsystem\n").Text("touch " + trap).Raw([0x85]).Raw("R").Raw("s")
            .Text("opaque").Raw("cx\nC\n)\u0081}b(NNe(NNuNR").Raw("s")
            .Text("set").Raw("\u008F(NN\u0090").Raw("s").Text("frozen").Raw("(NN\u0091").Raw("s.");
        using Checkpoint checkpoint = Checkpoint.Open(folder.Write("m.pt", PickleText.Legacy(pickle, ("0", [5]))));
        Assert.Equal(["w"], checkpoint.Tensors.Keys);
        Refused.With("KH1008", () => checkpoint.Require("evil"), "posix.system");
        Refused.With("KH1008", () => checkpoint.Require("opaque"), "x.C");
        Assert.False(File.Exists(trap));
    }

    [Fact]
    public void Old_and_new_spellings_are_read()
    {
        using TemporaryFolder folder = new();
        PickleText pickle = new PickleText()
            .Raw("}").Text("args").Raw("cargparse\nNamespace\n)\u0081(")
            .Raw("U\u0001aI12\n").Raw("U\u0001bL-7L\n").Raw("U\u0001cI01\n").Raw("T\u0001\0\0\0dK\u0001").Raw("U\u0001e(K\u0001K\u0002l").Raw("U\u0001fK\u0001K\u0002K\u0003\u0087").Raw("db").Raw("s")
            .Text("model").Raw("ccollections\nOrderedDict\n]]").Text("w").Raw("a").Raw(PickleText.Tensor("0", 1).Build()).Raw("aa\u0085Rs.");
        using PyTorchFile file = PyTorchFile.Open(folder.Write("m.pt", PickleText.Legacy(pickle, ("0", [5]))));
        ModelConfig arguments = file.RequireArguments();
        Assert.Equal((12, -7, true, 1), (arguments.GetInt32("a"), arguments.GetInt32("b"), arguments.GetBool("c"), arguments.GetInt32("d")));
        Assert.Equal([1, 2], arguments.GetInt32s("e"));
        Assert.Equal([1, 2, 3], arguments.GetInt32s("f"));
        Assert.Equal(["w"], file.Tensors.Keys);
    }

    [Theory]
    [InlineData("ctorch._utils\n_rebuild_tensor_v3\n", "torch.storage\nUntypedStorage", 4, "K\u0001K\u0001\u0085K\u0001\u0085\u0089}ctorch\nbfloat16\nt", StorageType.BF16, 9f)]
    [InlineData("ctorch._utils\n_rebuild_tensor_v3\n", "torch.storage\nUntypedStorage", 4, "K\0K\u0001\u0085K\u0001\u0085\u0089}ctorch\nfloat32\nN\u0085t", StorageType.F32, 9f)]
    [InlineData("ctorch._utils\n_rebuild_tensor\n", "torch\nFloatStorage", 1, "K\0K\u0001\u0085K\u0001\u0085t", StorageType.F32, 9f)]
    [InlineData("ctorch._utils\n_rebuild_tensor\n", "torch\nHalfStorage", 2, "K\u0001K\u0001\u0085K\u0001\u0085t", StorageType.F16, 2.53125f)]
    public void Tensors_are_made_as_older_and_newer_versions_write_them(string function, string storage, int count, string arguments, StorageType type, float expected)
    {
        string tuple = System.Text.Encoding.Latin1.GetString(new PickleText().Raw("((").Text("storage").Raw($"c{storage}\n").Text("0").Text("cpu").Long(count).Raw("NtQ").Raw(arguments).Build());
        string plain = function + tuple + "R";
        string[] spellings =
        [
            plain,
            $"ctorch._utils\n_rebuild_parameter\n({plain}\u0088}}tR",
            $"ctorch._utils\n_rebuild_parameter_with_state\n({plain}\u0088}}}}tR",
            $"ctorch._tensor\n_rebuild_from_type_v2\n({function}ctorch\nTensor\n{tuple}}}tR",
        ];
        foreach (string spelling in spellings)
        {
            PickleText pickle = new PickleText().Raw("}").Text("w").Raw(spelling).Raw("s.");
            byte[] file = PickleText.Legacy(pickle, ("0", [9]));   // 9 is 0x41100000: as two BF16 0 and 9, as two F16 0 and 2.53125
            BitConverter.GetBytes((long)count).CopyTo(file, file.Length - 12);
            using TemporaryFolder folder = new();
            using Checkpoint checkpoint = Checkpoint.Open(folder.Write("m.pt", file));
            float[] values = new float[1];
            checkpoint.ReadFloats(checkpoint.Require("w"), 0, values);
            Assert.Equal((type, expected), (checkpoint.Require("w").Type, values[0]));
        }
    }

    [Theory]
    [InlineData(1L << 60)]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    public void Storages_of_impossible_sizes_are_refused(long count)
    {
        string code = count == 1L << 60 ? "KH1003" : "KH1004";
        Refuse(code, "'0'", PickleText.StateDict(count), ("0", [1]));
    }

    [Theory]
    [InlineData(2, new long[] { 2 }, new long[] { 1 }, true)]
    [InlineData(3, new long[] { 2 }, new long[] { 1 }, false)]
    [InlineData(4, new long[] { 0 }, new long[] { 1 }, true)]
    [InlineData(5, new long[] { 0 }, new long[] { 1 }, false)]
    [InlineData(-1, new long[] { 2 }, new long[] { 1 }, false)]
    [InlineData(0, new long[] { 2 }, new long[] { 3 }, true)]
    [InlineData(0, new long[] { 2 }, new long[] { 4 }, false)]
    [InlineData(0, new long[] { 2 }, new long[] { -1 }, false)]
    [InlineData(0, new long[] { -2 }, new long[] { 1 }, false)]
    [InlineData(0, new long[] { 2, 2 }, new long[] { 1 }, false)]
    [InlineData(0, new long[] { 1L << 40, 1L << 40 }, new long[] { 0, 0 }, false)]
    [InlineData(0, new long[] { 2, 2 }, new long[] { long.MaxValue, long.MaxValue }, false)]
    [InlineData(long.MaxValue, new long[] { 2 }, new long[] { long.MaxValue }, false)]
    public void Tensors_must_lie_in_their_storage(long start, long[] shape, long[] strides, bool lies)
    {
        PickleText pickle = new PickleText().Raw("}").Text("w").Raw("ctorch._utils\n_rebuild_tensor_v2\n(").Storage("0", 4).Long(start).Raw("(");
        Array.ForEach(shape, size => pickle.Long(size));
        pickle.Raw("t(");
        Array.ForEach(strides, stride => pickle.Long(stride));
        pickle.Raw("t\u0089}tRs.");
        byte[] bytes = PickleText.Legacy(pickle, ("0", [1, 2, 3, 4]));
        using TemporaryFolder folder = new();
        if (lies)
        {
            using Checkpoint checkpoint = Checkpoint.Open(folder.Write("m.pt", bytes));
            TensorInfo tensor = checkpoint.Require("w");
            float[] values = new float[shape[0]];
            checkpoint.ReadFloats(tensor, 0, values);
            Assert.Equal(Enumerable.Range(0, values.Length).Select(i => (float)(start + 1 + (i * strides[0]))), values);
        }
        else
        {
            Refused.With("KH1004", () => Checkpoint.Open(folder.Write("m.pt", bytes)).Dispose(), "m.pt", "at byte");
        }
    }

    [Fact]
    public void A_storage_is_described_in_one_way()
    {
        PickleText pickle = new PickleText().Raw("}").Text("v").Raw(PickleText.Tensor("0", 2).Build()).Raw("s").Text("w").Raw(PickleText.Tensor("0", 1).Build()).Raw("s.");
        Refuse("KH1004", "in two ways", pickle, ("0", [1, 2]));
    }

    [Fact]
    public void Values_that_hold_themselves_or_nest_without_end_do_not_hang()
    {
        PickleText Arguments(PickleText value) => new PickleText()
            .Raw("}").Text("model").Raw("}").Text("w").Raw(PickleText.Tensor("0", 1).Build()).Raw("ss").Text("args").Raw("}").Text("a").Raw(value.Build()).Raw("ss.");
        Refuse("KH1004", "lists within each other", Arguments(new PickleText().Raw("]q\u0001h\u0001a")), ("0", [1]));
        Refuse("KH1004", "lists within each other", Arguments(new PickleText().Raw("}q\u0001").Text("k").Raw("h\u0001s")), ("0", [1]));
        Refuse("KH1004", "lists within each other", Arguments(new PickleText().Raw(new string(']', 10_000)).Raw(new string('a', 9_999))), ("0", [1]));
        // Each list holds the one before it ten times: 10^20 values in a hundred bytes.
        PickleText laughs = new PickleText().Raw("]q\u0001");
        for (int i = 0; i < 20; i++)
        {
            laughs.Raw("0](h\u0001h\u0001h\u0001h\u0001h\u0001h\u0001h\u0001h\u0001h\u0001h\u0001eq\u0001");
        }
        Refuse("KH1004", "1048576 values", Arguments(laughs), ("0", [1]));
        Refuse("KH1017", "a list", new PickleText().Raw(new string(']', 10_000)).Raw(new string('a', 9_999)).Raw("."));
        Refuse("KH1017", "'a'", new PickleText().Raw("}q\u0001").Text("a").Raw("h\u0001s."));
    }

    [Fact]
    public void The_same_value_again_and_again_costs_no_more_than_its_file()
    {
        const int Times = 2000;
        PickleText entries = new PickleText().Raw("}q\u0001(");
        for (int i = 0; i < 1000; i++)
        {
            entries.Text(i.ToString(System.Globalization.CultureInfo.InvariantCulture)).Raw("N");
        }
        entries.Raw("u0");
        PickleText again = new PickleText().Raw(entries.Build());
        for (int i = 0; i < Times; i++)
        {
            again.Raw("cargparse\nNamespace\n)\u0081h\u0001b0");
        }
        Refuse("KH1004", "copies more than 1048576 entries", again.Raw("N."));

        string longText = new('x', 1 << 20);
        PickleText texts = new PickleText().Raw("}").Text("model").Raw("}").Text("w").Raw(PickleText.Tensor("0", 1).Build()).Raw("ss").Text("args").Raw("}").Text("a").Raw("](").Text(longText).Raw("q\u0001");
        for (int i = 0; i < Times; i++)
        {
            texts.Raw("h\u0001");
        }
        Refuse("KH1004", "16777216 bytes", texts.Raw("ess."), ("0", [1]));

        PickleText names = new PickleText().Text(longText).Raw("q\u0001h\u0001\u0093.");
        Refuse("KH1004", "short strings", names);
        PickleText keys = new PickleText().Raw("}").Text("w").Raw(PickleText.Tensor("0", 1).Build()).Raw("s").Text(longText).Raw("Ns").Text("v").Raw(PickleText.Tensor(longText, 1).Build()).Raw("s.");
        using TemporaryFolder folder = new();
        using Checkpoint checkpoint = Checkpoint.Open(folder.Write("m.pt", PickleText.Legacy(keys, ("0", [1]))));
        Assert.Equal(["w"], checkpoint.Tensors.Keys);
    }

    private static void Refuse(string code, string part, PickleText pickle, params (string Key, float[] Values)[] storages)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("m.pt", PickleText.Legacy(pickle, storages));
        Refused.With(code, () => Checkpoint.Open(path).Dispose(), "m.pt", part);
    }
}
