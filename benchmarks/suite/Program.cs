using Keyhole.Benchmarks;

return BenchmarksEdge.Run(args, Console.Out, Console.Error);
