return await Infermux.Gateway.CommandLine.CommandLineApp.RunAsync(args);
