using System.CommandLine;
using System.Globalization;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole show</c>: one memory, its triggers and statistics.</summary>
internal sealed class ShowCommand : KeyholeCommand
{
    private readonly Argument<string> _study = CommonOptions.Study();
    private readonly Argument<string> _neuron = new("NEURON") { Description = "A memory, layers from 0: L3N128 (also 3/128, 3.128, 3:128), of an expert L3E2N77, or the paper's k^4_128, layers from 1." };
    private readonly Option<int> _top = new("--top") { Description = "Show so many triggers of a pole.", HelpName = "N", DefaultValueFactory = _ => 10 };
    private readonly Option<int> _context = new("--context") { Description = "Show so many tokens of a prefix.", HelpName = "N", DefaultValueFactory = _ => 16 };
    private readonly Option<bool> _ascii = new("--ascii") { Description = "Draw with ASCII characters only." };

    /// <summary>Creates the command.</summary>
    public ShowCommand()
        : base("show", "Shows one memory: the texts that trigger it most, last token in brackets, and how it fires.",
            "keyhole show mini.study L3N128",
            "keyhole show mini.study L3N128 --top 25 --context 40",
            "keyhole show mini.study L3N128 --json   # all triggers, the histogram, where the study comes from")
    {
        Add(_study);
        Add(_neuron);
        Add(_top.AtLeast(1));
        Add(_context.AtLeast(1));
        Add(_ascii);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        NeuronId id = MemoryName.Parse(options.GetRequiredValue(_neuron));
        using Study study = Study.Open(options.GetRequiredValue(_study));
        MemoryRecord memory = study.Memory(id) ?? throw new UsageException($"The study has no memory {id}: {Extent(study.Shape)}.");
        if (console.Json)
        {
            MemoryDocument.Write(study, memory, console.OutputStream);
        }
        else
        {
            console.Output.Write(MemoryView.Create(study, memory, options.GetValue(_context), options.GetValue(_top)).Render(options.GetValue(_ascii)));
        }
        return ExitCode.Done;
    }

    private static string Extent(ModelShape shape)
    {
        string experts = shape.Experts > 0 ? string.Create(CultureInfo.InvariantCulture, $", experts 0 to {shape.Experts - 1}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"its model has layers 0 to {shape.Layers - 1}{experts}, memories 0 to {shape.Widths.Max() - 1}, and only the layers that were mined are in it");
    }
}
