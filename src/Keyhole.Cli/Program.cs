return Keyhole.Cli.CommandLineEdge.Run(args);
