using System.CommandLine;
using System.Globalization;
using Keyhole.Engine.Tokens;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole tokenize</c>: the token ids of texts.</summary>
internal sealed class TokenizeCommand : KeyholeCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "A model, a folder that holds only tokenizer files, tokenizer.json, tokenizer.model, or a .gguf file." };
    private readonly Argument<string?> _file = new("FILE") { Description = "Texts: a line each, or JSON lines (.jsonl), each also as .gz; standard input where it is missing or -.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _field = new("--text-field") { Description = "The field of JSON lines that holds the text ('text' where the name ends with .jsonl).", HelpName = "FIELD" };

    /// <summary>Creates the command.</summary>
    public TokenizeCommand()
        : base("tokenize", "Prints the token ids of each text, a line a text, with the special tokens that the tokenizer adds.",
            "keyhole tokenize models/mini corpora/mini.train-sample.txt",
            "echo 'It was the best of times' | keyhole tokenize models/mini --json   # ids, pieces, offsets, decoded",
            "keyhole tokenize model.gguf texts.jsonl.gz --text-field body --json")
    {
        Add(_model);
        Add(_file);
        Add(_field);
    }

    /// <inheritdoc/>
    public override bool StopsAtOnce => true;

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string? file = options.GetValue(_file);
        if (file is null && !Console.IsInputRedirected)
        {
            throw new UsageException("FILE is missing: name a file of texts, or pipe text in.");
        }
        Tokenizer tokenizer = TokenizerLoader.Load(options.GetRequiredValue(_model));
        using EncodingLines? lines = console.Json ? new EncodingLines(tokenizer, console.OutputStream) : null;
        foreach (string text in TextRecords.Read(file is "-" ? null : file, options.GetValue(_field)))
        {
            Keyhole.Engine.Tokens.Encoding encoding = tokenizer.Encode(text);
            if (lines is not null)
            {
                lines.Write(encoding);
            }
            else
            {
                WriteIds(console.Output, encoding.Ids);
            }
        }
        return ExitCode.Done;
    }

    private static void WriteIds(TextWriter output, ReadOnlySpan<int> ids)
    {
        Span<char> digits = stackalloc char[12];
        for (int i = 0; i < ids.Length; i++)
        {
            if (i > 0)
            {
                output.Write(' ');
            }
            ids[i].TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
            output.Write(digits[..length]);
        }
        output.Write('\n');
    }
}
