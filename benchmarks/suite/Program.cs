using Keyhole.Benchmarks;

const string Usage = "usage: keyhole-benchmarks run ROOT [--quick] [--json FILE] [--threads N] [--only PART]... | table FILE | f32 INPUT.gguf OUTPUT.gguf";
switch (args)
{
    case ["mine", .. string[] rest]:
        MeteredMining.Child(rest);
        return 0;
    case ["f32", string input, string output]:
        GgufF32Writer.Convert(input, output);
        return 0;
    case ["table", string file]:
        Console.Write(FigureTable.Of(FigureFile.Read(file)));
        return 0;
    case ["run", string root, .. string[] rest]:
        return SuiteRun.Run(root, rest);
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
