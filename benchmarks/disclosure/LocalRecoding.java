// Local recoding of a table by ARX (k-anonymity, loss metric, no limit to suppression).
//
// java -cp ARX LocalRecoding.java FOLDER NAME ATTRIBUTES K SHARE OUT
// FOLDER holds NAME.csv and NAME_hierarchy_<attribute>.csv; ATTRIBUTES are joined by commas. SHARE is
// the least share of the persons that each round of recoding shows. OUT gets one line per person, the
// labels of the attributes joined by semicolons.

import java.io.File;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.deidentifier.arx.ARXAnonymizer;
import org.deidentifier.arx.ARXConfiguration;
import org.deidentifier.arx.ARXResult;
import org.deidentifier.arx.AttributeType;
import org.deidentifier.arx.AttributeType.Hierarchy;
import org.deidentifier.arx.Data;
import org.deidentifier.arx.DataHandle;
import org.deidentifier.arx.criteria.KAnonymity;
import org.deidentifier.arx.io.CSVHierarchyInput;
import org.deidentifier.arx.metric.Metric;

public class LocalRecoding {
    public static void main(String[] words) throws Exception {
        String name = words[0] + "/" + words[1];
        String[] attributes = words[2].split(",");
        Data data = Data.create(name + ".csv", StandardCharsets.UTF_8, ';');
        DataHandle input = data.getHandle();
        for (int column = 0; column < input.getNumColumns(); column++) {
            data.getDefinition().setAttributeType(
                input.getAttributeName(column), AttributeType.INSENSITIVE_ATTRIBUTE);
        }
        for (String attribute : attributes) {
            File file = new File(name + "_hierarchy_" + attribute + ".csv");
            CSVHierarchyInput levels = new CSVHierarchyInput(file, StandardCharsets.UTF_8, ';');
            data.getDefinition().setAttributeType(
                attribute, Hierarchy.create(levels.getHierarchy()));
        }
        ARXConfiguration configuration = ARXConfiguration.create();
        configuration.addPrivacyModel(new KAnonymity(Integer.parseInt(words[3])));
        configuration.setSuppressionLimit(1d);
        configuration.setQualityModel(Metric.createLossMetric(0d));
        ARXResult result = new ARXAnonymizer().anonymize(data, configuration);
        DataHandle output = result.getOutput();
        result.optimizeIterativeFast(output, Double.parseDouble(words[4]));
        try (PrintWriter lines = new PrintWriter(words[5], StandardCharsets.UTF_8)) {
            for (int row = 0; row < output.getNumRows(); row++) {
                List<String> labels = new ArrayList<>();
                for (String attribute : attributes) {
                    labels.add(output.getValue(row, output.getColumnIndexOf(attribute)));
                }
                lines.println(String.join(";", labels));
            }
        }
    }
}
