System.Console.WriteLine("Opsmeter.Bench");
